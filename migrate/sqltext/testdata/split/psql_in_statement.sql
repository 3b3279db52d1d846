SELECT 'é', 2 \gexec
