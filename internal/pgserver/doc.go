// Package pgserver gives a throwaway PostgreSQL server and fresh databases on it: from Docker, from the server binaries of
// this machine, or from a URL that somebody else runs.
//
// # Who cleans up
//
// Everything that a server needs on this machine is registered before it is made, in one directory per server under the
// user's cache directory:
//
//	plinth/pgserver/registry.lock      held while entries are made and looked through
//	plinth/pgserver/servers/ID/owner   share-locked by every process that uses the server
//	plinth/pgserver/servers/ID/*.json  what to remove: a data directory, or a container's label
//	plinth/pgserver/shared/KEY.{lock,json}  which server the processes of a test run share, and how to reach it
//	plinth/pgserver/initdb/KEY         a fresh data directory per server version, copied instead of running initdb
//	plinth/pgserver/initdb/KEY-templates{,.tar.gz}  one with filled databases, of local binaries or of an image
//
// The kernel drops a file lock when its process ends, however it ends. So an entry whose owner file can be locked exclusively
// has no living user, and the next Start or Shared removes what it lists; one that cannot be locked is left alone. Databases
// on a given URL follow the same rule with an advisory lock in place of the file lock, see the given type.
//
// On Linux a server made by Start also dies with its process. A shared one must outlive the process that happened to start
// it; the last user stops it, and if that one is killed, the next sweep does.
package pgserver
