package api_test

import (
	"os/exec"
	"testing"
)

// smallDisk mounts a disk of 2 MB on a folder, which takes a user who may do so; what it gives makes it read-only.
func smallDisk(t *testing.T, dir string) (readOnly func(*testing.T)) {
	t.Helper()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("this user cannot mount a small disk: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return func(t *testing.T) {
		t.Helper()
		if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
			t.Skipf("a disk cannot be made read-only here: %v %s", err, out)
		}
	}
}
