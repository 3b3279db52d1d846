package diff

import (
	"fmt"
	"time"
)

// batches is an update of all rows of a table.
type batches struct {
	table, key string // key is the only column of the primary key
	column     string // what is filled, for the comment
	set, where string // of the UPDATE
}

// rowsInBatch are updated and committed together, unless Input.Batch says otherwise.
const rowsInBatch = 1000

// triesOfBatch are some minutes in which a row is held by a writer.
const triesOfBatch = 3000

// inBatches updates in batches, each in a transaction of its own. It goes by the key, which an UPDATE of other columns leaves alone, so
// that it meets each row that was there, wherever writers move it meanwhile; rows that come later have their value by the default or by
// a trigger. Run again, it finds what is left. Where a writer holds a row it gives way and tries the batch again, so that nobody waits
// for what it holds, nor is the victim of a deadlock. How far it is stands in the session's application_name, where other sessions can
// see it.
func (w *work) inBatches(b batches) *script {
	rows := w.in.Batch.Rows
	if rows <= 0 {
		rows = rowsInBatch
	}
	pause, see := "", ""
	if w.in.Batch.Pause > 0 {
		pause = fmt.Sprintf("\n    PERFORM pg_sleep(%g);", w.in.Batch.Pause.Round(time.Millisecond).Seconds())
	}
	if w.states[len(w.states)-1].forcesPolicies() || w.target.forcesPolicies() {
		see = "\n  PERFORM set_config('row_security', 'off', false); -- fail if policies hide rows from this role: it needs BYPASSRLS then"
	}
	s := &script{noTx: true, repeatable: true}
	s.do(fmt.Sprintf("fill column %s of table %s in batches, each in a transaction of its own; it can be run again", b.column, ident(b.table)), `DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first %[1]s.%[2]s%%TYPE;
  plinth_last %[1]s.%[2]s%%TYPE;
  plinth_end %[1]s.%[2]s%%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN%[7]s
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = %[8]s::regclass;
  SELECT %[2]s INTO plinth_first FROM %[1]s ORDER BY %[2]s LIMIT 1;
  SELECT %[2]s INTO plinth_end FROM %[1]s ORDER BY %[2]s DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT %[2]s, count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT %[2]s FROM %[1]s WHERE %[2]s >= plinth_first ORDER BY %[2]s LIMIT %[5]d) AS batch ORDER BY %[2]s DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE %[1]s SET %[3]s WHERE %[4]s AND %[2]s BETWEEN plinth_first AND plinth_last;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN -- a writer holds a row: give way
      plinth_tries := plinth_tries + 1;
      IF plinth_tries > %[9]d THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.05);
      CONTINUE;
    END;
    plinth_tries := 0;
    plinth_rows := plinth_rows + plinth_batch;
    PERFORM set_config('application_name', format('plinth: %%s of about %%s rows', plinth_rows, greatest(plinth_rows, plinth_all)), false);
    COMMIT;%[6]s
    SELECT %[2]s INTO plinth_first FROM %[1]s WHERE %[2]s > plinth_last ORDER BY %[2]s LIMIT 1;
  END LOOP;
END
$plinth$`, ident(b.table), ident(b.key), b.set, b.where, rows, pause, see, literal(ident(b.table)), triesOfBatch)
	return s
}
