package database

import "sync/atomic"

// outcomes counts how the attempts of transactions ended. It is safe for concurrent use.
type outcomes struct {
	committed, rolledBack, unknown, settled          atomic.Int64
	connectionRetries, conflictRetries, staleRetries atomic.Int64
}

func (o *outcomes) count(a Attempt) {
	switch a.Outcome {
	case Committed:
		o.committed.Add(1)
	case RolledBack:
		o.rolledBack.Add(1)
	case Unknown:
		o.unknown.Add(1)
	}
	if a.Settled {
		o.settled.Add(1)
	}
	if a.Last {
		return
	}
	switch a.Class {
	case ConnectionFailure:
		o.connectionRetries.Add(1)
	case Conflict:
		o.conflictRetries.Add(1)
	case StalePlan:
		o.staleRetries.Add(1)
	}
}

func (o *outcomes) fill(s *Stats) {
	s.Committed, s.RolledBack, s.Unknown, s.Settled = o.committed.Load(), o.rolledBack.Load(), o.unknown.Load(), o.settled.Load()
	s.ConnectionRetries, s.ConflictRetries, s.StaleRetries = o.connectionRetries.Load(), o.conflictRetries.Load(), o.staleRetries.Load()
	s.Retries = s.ConnectionRetries + s.ConflictRetries + s.StaleRetries
}
