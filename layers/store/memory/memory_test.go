package memory_test

import (
	"testing"

	"greenshield/layers"
	"greenshield/layers/store/memory"
	"greenshield/layers/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) layers.Store { return memory.New() })
}
