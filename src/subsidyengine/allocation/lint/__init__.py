LINTS = ()
