"""What is to be done, and a case on one page with the acts that are open to the officer."""
