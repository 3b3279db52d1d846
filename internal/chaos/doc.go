// Package chaos breaks connections to PostgreSQL at exact places and counts what became of the transactions on them.
//
// A [Proxy] stands between a client and a server, follows the protocol in both directions and hurts a connection at a given
// message: before it is passed on, or after the server has carried it out and before its answer is. A plan lists every kind of
// message that a client and its server exchange, with every kind of harm, each once ([Plan]). A [Runner] walks the plan while
// workers insert unique tokens through a [Subject], and notes what each was told. In the end its [Report] compares that with
// the table: what was acknowledged must be there once, what was reported failed must not be there.
//
// Each lane of a Runner has a proxy and a pool of its own, and one fault at a time: the lane's workers have all finished
// before the next one is armed. So an outcome belongs to a fault, and a fault that is meant to hit a first COMMIT does not hit
// the connection on which another COMMIT is being settled. Several lanes run at once.
//
// A [Cluster] is a server that a test may kill, stop, restart and promote.
package chaos
