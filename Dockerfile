# All images of docker-compose.yml, one target each: hello-service, gateway, client, chaos, nginx, consul,
# database, prometheus.
#
# JARS=build (the default) builds the jars in a container; JARS=host uses those that ./mvnw package left in */target.
# The base images are arguments, so that those of a mirror or a company can be used.

ARG BUILD_IMAGE=maven:3.9.14-eclipse-temurin-25
ARG RUNTIME_IMAGE=eclipse-temurin:25.0.3_9-jre-noble
ARG NGINX_IMAGE=nginx:1.30.5
ARG CONSUL_IMAGE=hashicorp/consul:1.22.2
ARG POSTGRES_IMAGE=postgres:17.6
ARG PROMETHEUS_IMAGE=prom/prometheus:v3.5.0
ARG JARS=build

# --- jars ----------------------------------------------------------------------------------------------------------------

FROM ${BUILD_IMAGE} AS jars-build
WORKDIR /src
COPY . .
# Dependencies stay in the builder's cache from one build to the next. Where there is no Maven, the wrapper fetches it. A user name and
# password, although not needed, make it download by Java instead of a wget that may lack TLS.
RUN --mount=type=cache,target=/root/.m2 \
    rm -f ./*/target/*.jar && \
    export MVNW_USERNAME=anonymous MVNW_PASSWORD=none && \
    maven=$(command -v mvn || echo ./mvnw) && \
    "$maven" --batch-mode --no-transfer-progress --quiet -Dmaven.test.skip=true \
      --projects hello-service,middleware-gateway,client-app,chaos --also-make package && \
    mkdir /jars && cp hello-service/target/hello-service.jar middleware-gateway/target/middleware-gateway.jar \
      client-app/target/client-app.jar chaos/target/chaos.jar /jars

FROM scratch AS jars-host
COPY hello-service/target/hello-service.jar middleware-gateway/target/middleware-gateway.jar client-app/target/client-app.jar \
  chaos/target/chaos.jar /jars/

FROM jars-${JARS} AS jars

# Dependencies, which seldom change, are a layer apart from the application, so that a new version is a small layer. The project's own
# jars are part of the application, but snapshots like others to a Maven that built them in an earlier run.
FROM ${RUNTIME_IMAGE} AS extracted
COPY --from=jars /jars /jars
RUN for app in hello-service middleware-gateway client-app chaos; do \
      java -Djarmode=tools -jar "/jars/$app.jar" extract --layers --destination "/extracted/$app" && \
        cp -R "/extracted/$app/snapshot-dependencies/." "/extracted/$app/application/" || exit 1; \
    done

# Start-up caches are valid only for this JVM and these jars at these paths: those of the images.
FROM ${CONSUL_IMAGE} AS consul-base

FROM ${RUNTIME_IMAGE} AS trained
COPY --from=consul-base /bin/consul /bin/consul
COPY docker/jvm.options docker/healthy docker/train /app/
COPY --from=extracted /extracted/hello-service/dependencies /extracted/hello-service/application /app/hello-service/
COPY --from=extracted /extracted/middleware-gateway/dependencies /extracted/middleware-gateway/application /app/middleware-gateway/
COPY --from=extracted /extracted/client-app/dependencies /extracted/client-app/application /app/client-app/
COPY --from=extracted /extracted/chaos/dependencies /extracted/chaos/application /app/chaos/
RUN /app/train

# --- images --------------------------------------------------------------------------------------------------------------

FROM ${RUNTIME_IMAGE} AS app
COPY docker/jvm.options docker/healthy docker/start /app/
USER 10001:10001

FROM app AS hello-service
# A new volume inherits its owner from this folder.
USER 0
RUN mkdir /app/guestbooks && chown 10001:10001 /app/guestbooks
USER 10001:10001
WORKDIR /app/hello-service
COPY --from=extracted /extracted/hello-service/dependencies ./
COPY --from=extracted /extracted/hello-service/application ./
COPY --from=trained /app/hello-service/app.aot ./
HEALTHCHECK --interval=10s --timeout=3s --start-period=300s --start-interval=1s --retries=2 \
  CMD ["/app/healthy", "http://127.0.0.1:21101/actuator/health/readiness"]
ENTRYPOINT ["/app/start", "-XX:AOTCache=app.aot", "-XX:TieredStopAtLevel=1", "-jar", "hello-service.jar"]

FROM app AS gateway
WORKDIR /app/middleware-gateway
COPY --from=extracted /extracted/middleware-gateway/dependencies ./
COPY --from=extracted /extracted/middleware-gateway/application ./
COPY --from=trained /app/middleware-gateway/app.aot ./
HEALTHCHECK --interval=10s --timeout=3s --start-period=300s --start-interval=1s --retries=2 \
  CMD ["/app/healthy", "http://127.0.0.1:22201/actuator/health/readiness"]
# The optimizing compiler waits for calls: four times as many invocations as by default, which those of a start do not reach.
# A young generation of half the usual size is collected once a second; what compilers freed is given back.
ENTRYPOINT ["/app/start", "-XX:AOTCache=app.aot", "-XX:Tier2InvokeNotifyFreqLog=14", "-XX:Tier2BackedgeNotifyFreqLog=17", \
  "-XX:Tier4InvocationThreshold=20000", "-XX:Tier4MinInvocationThreshold=5000", "-XX:Tier4CompileThreshold=50000", \
  "-XX:Tier4BackEdgeThreshold=160000", "-Xmn48m", "-XX:TrimNativeHeapInterval=60000", "-jar", "middleware-gateway.jar"]

FROM app AS client
WORKDIR /app/client-app
COPY --from=extracted /extracted/client-app/dependencies ./
COPY --from=extracted /extracted/client-app/application ./
COPY --from=trained /app/client-app/app.aot ./
ENTRYPOINT ["/app/start", "-XX:AOTCache=app.aot", "-XX:TieredStopAtLevel=1", "-jar", "client-app.jar"]

FROM app AS chaos
WORKDIR /app/chaos
COPY --from=extracted /extracted/chaos/dependencies ./
COPY --from=extracted /extracted/chaos/application ./
COPY --from=trained /app/chaos/app.aot ./
ENTRYPOINT ["/app/start", "-XX:AOTCache=app.aot", "-XX:TieredStopAtLevel=1", "-jar", "chaos.jar"]

FROM ${NGINX_IMAGE} AS nginx
COPY docker/healthy /app/
COPY nginx/nginx.conf.template nginx/start /app/nginx/
USER 10001:10001
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=3s --start-period=300s --start-interval=1s --retries=2 \
  CMD ["/app/healthy", "http://127.0.0.1:8080/.nginx/ready"]
ENTRYPOINT ["/app/nginx/start"]
CMD []

FROM consul-base AS consul
COPY docker/healthy consul/server.hcl /app/
# A new volume inherits its owner from this folder.
RUN mkdir -p /app/config /app/data && chown 10001:10001 /app/data
USER 10001:10001
VOLUME /app/data
# This request succeeds only once there is a leader.
HEALTHCHECK --interval=10s --timeout=3s --start-period=300s --start-interval=1s --retries=2 \
  CMD ["/app/healthy", "http://127.0.0.1:8500/v1/catalog/nodes"]
# Consul forwards names other than its own to the engine's DNS.
ENTRYPOINT ["consul", "agent", "-config-file=/app/server.hcl", "-config-dir=/app/config", "-data-dir=/app/data", "-client=0.0.0.0", "-recursor=127.0.0.11", "-ui"]
# Bound to loopback, as no other server must reach it, it is not affected when its container's address changes.
CMD ["-bind=127.0.0.1"]

FROM ${POSTGRES_IMAGE} AS database
COPY docker/database-healthy /app/
USER 0
# PostgreSQL wants a name for its user. A new volume inherits its owner from the folder.
RUN { grep -q :10001: /etc/passwd || echo app:x:10001:10001::/app:/bin/sh >>/etc/passwd; } && \
    mkdir -p /app/data && chown 10001:10001 /app/data
USER 10001:10001
ENV PGDATA=/app/data/postgresql
VOLUME /app/data
# by default it would wait for its clients
STOPSIGNAL SIGINT
HEALTHCHECK --interval=10s --timeout=3s --start-period=300s --start-interval=1s --retries=2 CMD ["/app/database-healthy"]

FROM ${PROMETHEUS_IMAGE} AS prometheus
COPY docker/healthy observability/prometheus.yml observability/alerts.yml /app/
USER 0
# Some distributions build it without Consul. A new volume inherits its owner from the folder.
RUN /bin/promtool check config /app/prometheus.yml && mkdir -p /app/data && chown 10001:10001 /app/data
USER 10001:10001
VOLUME /app/data
HEALTHCHECK --interval=10s --timeout=3s --start-period=300s --start-interval=1s --retries=2 \
  CMD ["/app/healthy", "http://127.0.0.1:9090/-/ready"]
ENTRYPOINT ["/bin/prometheus", "--config.file=/app/prometheus.yml", "--storage.tsdb.path=/app/data", "--storage.tsdb.retention.time=6h"]
CMD []
