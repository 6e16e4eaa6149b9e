package gpkg

import (
	"os"

	"golang.org/x/sys/unix"
)

// giveBack tells the system that a part of a file is not needed any more. A file system that cannot make holes keeps it.
func giveBack(f *os.File, from, bytes int64) {
	_ = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, from, bytes)
}
