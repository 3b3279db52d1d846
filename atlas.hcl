// Defaults for the plinth command. The Atlas command reads this file too.
env "local" {
  src = "ent://schema"
  dev = getenv("PLINTH_DEV_URL")

  migration {
    dir    = "file://migrate/migrations"
    format = golang-migrate
  }
}
