// Chinese labels of the process designer, by the English ones of its library.
window.designerLabels = (() => {
  const kinds = { "": "", Message: "消息", Timer: "定时", Signal: "信号", Error: "错误", Escalation: "升级", Conditional: "条件", Compensation: "补偿", Cancel: "取消", Link: "链接", Terminate: "终止" };
  const places = { "start event": "开始事件", "start event (non-interrupting)": "开始事件（不中断）", "end event": "结束事件", "intermediate catch event": "中间接收事件", "intermediate throw event": "中间发出事件", "boundary event": "边界事件", "boundary event (non-interrupting)": "边界事件（不中断）" };
  const labels = {
    "Intermediate throw event": "中间事件", "Boundary event": "边界事件", "Task": "任务", "User task": "人工任务", "Manual task": "线下任务", "Service task": "服务任务",
    "Business rule task": "规则任务", "Send task": "发送任务", "Receive task": "接收任务", "Script task": "脚本任务（表达式）", "Call activity": "调用活动", "Transaction": "事务（不执行）",
    "Sub-process": "子流程", "Sub-process (collapsed)": "子流程（收起）", "Sub-process (expanded)": "子流程（展开）", "Event sub-process": "事件子流程",
    "Ad-hoc sub-process": "自由子流程（不执行）", "Ad-hoc sub-process (collapsed)": "自由子流程（收起，不执行）", "Ad-hoc sub-process (expanded)": "自由子流程（展开，不执行）",
    "Exclusive gateway": "排他网关", "Parallel gateway": "并行网关", "Inclusive gateway": "包容网关", "Event-based gateway": "事件网关", "Complex gateway": "复杂网关（不执行）",
    "Sequence flow": "顺序流", "Default flow": "默认流", "Conditional flow": "条件流", "Data object reference": "数据对象", "Data store reference": "数据存储",
    "Empty pool/participant": "空泳池", "Expanded pool/participant": "展开的泳池", "Participant multiplicity": "多个参与者", "Collection": "集合",
    "Loop": "循环", "Parallel multi-instance": "并行多实例", "Sequential multi-instance": "顺序多实例", "Toggle non-interrupting": "切换是否中断",
    "Activate hand tool": "移动画布", "Activate lasso tool": "框选", "Activate create/remove space tool": "增减空间", "Activate global connect tool": "连线",
    "Create start event": "添加开始事件", "Create end event": "添加结束事件", "Create intermediate/boundary event": "添加中间或边界事件", "Create gateway": "添加网关", "Create task": "添加任务",
    "Create expanded sub-process": "添加子流程", "Create data object reference": "添加数据对象", "Create data store reference": "添加数据存储", "Create pool/participant": "添加泳池", "Create group": "添加分组",
    "Append end event": "接结束事件", "Append gateway": "接网关", "Append task": "接任务", "Append intermediate/boundary event": "接中间事件", "Append receive task": "接接收任务",
    "Append compensation activity": "接补偿活动", "Append message intermediate catch event": "接消息接收事件", "Append timer intermediate catch event": "接定时事件",
    "Append signal intermediate catch event": "接信号接收事件", "Append conditional intermediate catch event": "接条件事件", "Add text annotation": "添加注释",
    "Change element": "更换类型", "Delete": "删除", "Connect to other element": "连到其他元素", "Connect using association": "用关联连接", "Connect using data input association": "用数据关联连接",
    "Add lane above": "上方添加泳道", "Add lane below": "下方添加泳道", "Divide into two lanes": "分为两条泳道", "Divide into three lanes": "分为三条泳道", "Search in diagram": "在图中查找",
    "Search {type}": "查找", "{count} search results": "{count} 个结果", "Open {element}": "打开{element}", "no parent for {element} in {parent}": "不能放在这里",
  };
  for (const [kind, word] of Object.entries(kinds)) {
    for (const [place, told] of Object.entries(places)) {
      const name = kind ? `${kind} ${place}` : place[0].toUpperCase() + place.slice(1);
      labels[name] ??= word + told;
    }
  }
  return labels;
})();
