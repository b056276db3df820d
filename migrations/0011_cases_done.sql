-- What an officer has done (已办): opinions are found by who gave them, the latest first.

create index opinion_officer on cases.opinion (officer, given_at desc, number desc);
