#!/usr/bin/env bash
# Run a class of Kafka's: kafka-run-class.sh CLASS ARGUMENTS…
# The file connectors stay off the class path, as in Apache's distribution: Connect finds them by plugin.path.
set -euo pipefail
shopt -s extglob
jars=(/opt/kafka/libs/!(connect-file)*.jar)
classpath=$(IFS=:; echo "${jars[*]}")
# A container that lives for one test run repays neither the optimising compiler nor parallel garbage collection.
speed=${KAFKA_JVM_PERFORMANCE_OPTS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC}
logging=${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=/etc/kafka/docker/tools-log4j2.yaml}
# shellcheck disable=SC2086  # options are several words
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} $speed $logging ${KAFKA_OPTS-} -cp "$classpath" "$@"
