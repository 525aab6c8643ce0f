package io.middleware.starter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;

/** What the health pages of servers and gateways say, as numbers that alarms can be set on. */
final class HealthMeters implements MeterBinder {

    private final ObjectProvider<HealthEndpoint> health;
    private final ObjectProvider<ConsulReachability> reachability;

    HealthMeters(ObjectProvider<HealthEndpoint> health, ObjectProvider<ConsulReachability> reachability) {
        this.health = health;
        this.reachability = reachability;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("middleware.ready", this, HealthMeters::ready)
                .description("1 while the readiness page returns 200, else 0")
                .register(registry);
        TimeGauge.builder("middleware.heartbeat.age", this, TimeUnit.MILLISECONDS, HealthMeters::heartbeatAge)
                .description("Time since when no heartbeat reaches Consul; 0 while they do")
                .register(registry);
    }

    private double ready() {
        HealthEndpoint endpoint = health.getIfAvailable();
        HealthDescriptor readiness = endpoint == null ? null : endpoint.healthForPath("readiness");
        return readiness != null && Status.UP.equals(readiness.getStatus()) ? 1 : 0;
    }

    private double heartbeatAge() {
        ConsulReachability heartbeats = reachability.getIfAvailable();
        return heartbeats == null ? 0 : heartbeats.age().toMillis();
    }
}
