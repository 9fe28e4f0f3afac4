web: java $JAVA_OPTS -Dserver.port=$PORT -jar target/app.jar
