package filegdb

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"greenshield/geo/format"
)

// The kinds of items of a geodatabase in the table GDB_Items, as GDB_ItemTypes names them.
const (
	itemFeatureClass = "{70737809-852C-4A03-9E22-2CECEA5B9BFA}"
	itemTopology     = "{767152D3-ED66-4325-8774-420D46674E07}"
)

// topologyTable is how the tables are called in which an Esri topology keeps its own errors and unchecked areas. They
// are feature classes to the catalog and nothing that anybody delivers.
var topologyTable = regexp.MustCompile(`^T_[0-9]+_(DirtyAreas|PointErrors|LineErrors|PolyErrors)$`)

// maxSystemRow bounds the rows of system tables; definitions and metadata of large layers reach some megabytes.
const maxSystemRow = 64 << 20

// maxSystemRows bounds the rows of system tables: every dataset has one, and offsets may point to one row many times.
const maxSystemRows = 100_000

// class is a feature class and the number of its table.
type class struct {
	name   string
	number int64
	inner  bool // belongs to a topology
}

// columnsOf gives the text columns of a row by name; what has no value, or is no text, is "".
func (t *table) columnsOf(ctx context.Context, names []string, f func(id int64, values []string) error) error {
	at := make([]int, len(names))
	for i, name := range names {
		at[i] = slices.IndexFunc(t.fields, func(f field) bool { return strings.EqualFold(f.name, name) })
		if at[i] < 0 {
			return t.damaged("column " + name)
		}
	}
	most := format.Limits{}.WithDefaults().MaxText
	return t.each(ctx, func(id, offset int64) error {
		if id > maxSystemRows {
			return t.damaged("too many rows")
		}
		cells, p, err := t.row(offset, maxSystemRow)
		if err != nil {
			return err
		}
		if p != nil {
			return t.damaged(fmt.Sprintf("row %d", id)).Because(p)
		}
		values := make([]string, len(names))
		for i, k := range at {
			v, p := t.value(&t.fields[k], cells[k], most)
			if p != nil {
				return t.damaged(fmt.Sprintf("row %d", id)).Because(p)
			}
			values[i], _ = v.(string)
		}
		return f(id, values)
	})
}

// catalog reads the table of tables: their names in lower case, and their numbers, which are those of its rows.
func (f *folder) catalog(ctx context.Context) (map[string]int64, error) {
	if f.files[CatalogFile] == "" {
		return nil, f.problem("ingest.filegdb.not-geodatabase")
	}
	t, err := f.table(1, "GDB_SystemCatalog")
	if err != nil {
		return nil, err
	}
	defer t.close()
	numbers := map[string]int64{}
	err = t.columnsOf(ctx, []string{"Name"}, func(id int64, values []string) error {
		numbers[strings.ToLower(values[0])] = id
		return nil
	})
	return numbers, err
}

// classes lists the feature classes by name. Geodatabases of version 9 keep them in other tables.
func (f *folder) classes(ctx context.Context) ([]class, error) {
	numbers, err := f.catalog(ctx)
	if err != nil {
		return nil, err
	}
	number, ok := numbers["gdb_items"]
	if _, old := numbers["gdb_objectclasses"]; !ok && old {
		return nil, f.problem("ingest.filegdb.version-9")
	}
	if !ok {
		return nil, f.problem("ingest.filegdb.table-missing", "layer", "GDB_Items", "part", "GDB_Items")
	}
	t, err := f.table(number, "GDB_Items")
	if err != nil {
		return nil, err
	}
	defer t.close()
	var found []class
	topology := false
	err = t.columnsOf(ctx, []string{"Type", "Name"}, func(_ int64, values []string) error {
		kind, name := values[0], values[1]
		topology = topology || kind == itemTopology
		if kind == itemFeatureClass {
			found = append(found, class{name: name, number: numbers[strings.ToLower(name)]})
		}
		return nil
	})
	for i := range found {
		found[i].inner = topology && topologyTable.MatchString(found[i].name)
	}
	slices.SortFunc(found, func(a, b class) int { return strings.Compare(a.name, b.name) })
	return found, err
}

// choose finds the feature class that was asked for, or the only one.
func (f *folder) choose(ctx context.Context, layer string) (class, error) {
	all, err := f.classes(ctx)
	if err != nil {
		return class{}, err
	}
	var offered []class
	var names []string
	for _, c := range all {
		if !c.inner {
			offered, names = append(offered, c), append(names, c.name)
		}
	}
	list := strings.Join(names, ", ")
	asked := slices.IndexFunc(all, func(c class) bool { return c.name == layer })
	switch {
	case layer != "" && asked >= 0:
		return all[asked], nil
	case len(offered) == 0:
		return class{}, f.problem("ingest.filegdb.no-features")
	case layer != "":
		return class{}, f.problem("ingest.file.layer-unknown", "layer", layer, "names", list)
	case len(offered) > 1:
		return class{}, f.problem("ingest.file.several-layers", "names", list)
	}
	return offered[0], nil
}
