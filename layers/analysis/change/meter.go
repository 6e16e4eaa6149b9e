package change

import "sync"

// whole is what a comparison counts its work as.
const whole = 1000

// meter tells how far a comparison is. Its work has stages of different kinds, each a part of the whole; it never goes
// back, and tells one at a time whoever is told from several goroutines.
type meter struct {
	tell     func(done, total int64) // nil when nobody wants to know
	mu       sync.Mutex
	from, to int64 // the stage under way
	most     int64
}

// stage begins the part of the work that ends at to.
func (m *meter) stage(to int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.from, m.to = m.to, to
}

// at says how much of the stage is done.
func (m *meter) at(done, total int64) {
	if m.tell == nil || total <= 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.from + (m.to-m.from)*min(done, total)/total; now > m.most {
		m.most = now
		m.tell(now, whole)
	}
}
