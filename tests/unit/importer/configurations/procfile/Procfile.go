web: ./bin/server
