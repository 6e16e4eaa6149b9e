package analysis

// Status says whether a target was met. What is not known is never met.
type Status string

// The statuses, from the best to the one that says least.
const (
	Met      Status = "met"       // 达标
	NotMet   Status = "not-met"   // 未达标
	ToVerify Status = "to-verify" // 待核实: figures contradict each other, or the only one is a reference
	ToAssess Status = "to-assess" // 待评估: something is missing
)

// Statuses lists them in the order of a report.
func Statuses() []Status { return []Status{Met, NotMet, ToVerify, ToAssess} }
