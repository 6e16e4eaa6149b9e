package city

// Land-use classes of the third national survey (domain section 5.1) that the demo city uses.
const (
	paddy, dryland, orchard     = "0101", "0103", "0201"
	forest, shrub, grass        = "0301", "0305", "0404"
	industry, mining            = "0601", "0602"
	housing, village, road      = "0701", "0702", "1003"
	riverWater, reservoir, pond = "1101", "1103", "1104"
	greenhouse                  = "1202"
)

// land is the class of every cell in the two years, "" outside the city.
type land struct {
	before, after []string
	group         []int // patch of 2024 that the cell belongs to
}

func settle(g *ground, redline []bool) *land {
	n := g.nx * g.ny
	l := &land{before: make([]string, n), after: make([]string, n)}
	for c := range n {
		if !g.inside[c] {
			continue
		}
		l.before[c] = g.class(c)
		l.after[c] = g.develop(c, l.before[c])
	}
	g.intrude(l, redline)
	l.group = g.patches(l.before)
	return l
}

// class is the land use of 2024.
func (g *ground) class(c int) string {
	u, v := g.middle(c)
	i, j := c%g.nx, c/g.nx
	local, coarse := unit(g.seed, i, j, 21), hills(g.seed+500, 18*u, 18*v)
	switch {
	case g.water[c]:
		return riverWater
	case g.town[c] > 0.66:
		return housing
	case g.town[c] > 0.48:
		return pick(coarse > 0.56, industry, housing)
	case g.town[c] > 0.32 && local < 0.35:
		return village
	case g.height[c] > 0.56:
		return pick(coarse > 0.36, forest, shrub)
	case g.height[c] > 0.44:
		return pick(coarse > 0.58, forest, pick(coarse > 0.44, orchard, pick(local < 0.3, grass, dryland)))
	case local < 0.035:
		return village
	case coarse > 0.72:
		return pick(local < 0.5, reservoir, pond)
	}
	return pick(coarse > 0.42, paddy, dryland)
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// develop is the land use of 2025: towns grow into fields, a little forest is cleared, a little field is planted.
func (g *ground) develop(c int, class string) string {
	i, j := c%g.nx, c/g.nx
	chance := unit(g.seed, i, j, 31)
	field := class == paddy || class == dryland || class == orchard
	switch {
	case field && g.town[c] > 0.22 && chance < 0.10:
		return pick(chance < 0.04, industry, housing)
	case field && chance < 0.004:
		return greenhouse
	case field && chance < 0.008:
		return forest
	case class == forest && chance < 0.003:
		return dryland
	case class == pond && chance < 0.02:
		return paddy
	}
	return class
}

// intrude puts a few quarries, works and roads of 2025 inside the red line, far apart: the leads of an inspection.
func (g *ground) intrude(l *land, redline []bool) {
	const wanted = 9
	step := len(redline) / (wanted * 40)
	made := 0
	for k := 0; made < wanted && k < len(redline); k += max(step, 1) {
		c := int(hash(g.seed, k, 41) % uint64(len(redline)))
		if !redline[c] || l.before[c] == riverWater || g.town[c] > 0.2 {
			continue
		}
		l.after[c] = [...]string{mining, industry, road}[made%3]
		made++
	}
}

// patches joins neighbouring cells of one class and district into survey patches of up to a dozen cells.
func (g *ground) patches(class []string) []int {
	const most = 12
	parent, size := make([]int, len(class)), make([]int, len(class))
	for c := range parent {
		parent[c], size[c] = c, 1
	}
	for c := range class {
		for _, k := range [...]int{1, 2} { // right and above
			n := g.neighbour(c, k)
			if n < 0 || class[c] == "" || class[n] != class[c] || g.district[n] != g.district[c] {
				continue
			}
			a, b := root(parent, c), root(parent, n)
			if a != b && size[a]+size[b] <= most && unit(g.seed, c, k, 51) < 0.7 {
				parent[b], size[a] = a, size[a]+size[b]
			}
		}
	}
	out := make([]int, len(class))
	for c := range out {
		out[c] = none
		if class[c] != "" {
			out[c] = root(parent, c)
		}
	}
	return out
}

func root(parent []int, c int) int {
	for parent[c] != c {
		parent[c] = parent[parent[c]]
		c = parent[c]
	}
	return c
}

// regroup gives the patches of 2025: those of 2024 without the cells that changed, which form patches of their own.
func (l *land) regroup() []int {
	out := make([]int, len(l.group))
	for c := range out {
		out[c] = l.group[c]
		if l.after[c] != l.before[c] {
			out[c] = len(out) + c
		}
	}
	return out
}
