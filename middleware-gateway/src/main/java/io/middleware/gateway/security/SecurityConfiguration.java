package io.middleware.gateway.security;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallListener;
import io.middleware.gateway.consul.KeyValues;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.security.identity.ApiKeys;
import io.middleware.gateway.security.identity.Certificates;
import io.middleware.gateway.security.identity.Identities;
import io.middleware.gateway.security.jwt.ClaimCheck;
import io.middleware.gateway.security.jwt.KeyFetch;
import io.middleware.gateway.security.jwt.KeySource;
import io.middleware.gateway.security.jwt.TokenVerifier;
import io.middleware.gateway.security.rules.Admission;
import io.middleware.gateway.security.rules.Rules;
import io.middleware.gateway.security.watched.WatchedFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** Creates the gate where anything of it is configured; otherwise nothing is there. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecuritySettings.class)
@Conditional(SecurityCondition.class)
class SecurityConfiguration {
    private static final long REFRESH_MILLIS = 1000;

    /** What blocks: reads files and fetches keys. */
    private static ScheduledExecutorService background() {
        return Executors.newScheduledThreadPool(
                2, Thread.ofPlatform().daemon().name("security-", 0).factory());
    }

    /** What the gate knows, each part null where it is not configured. */
    @Bean(destroyMethod = "close")
    SecuritySources securitySources(SecuritySettings settings, KeyValues store, Ticker ticker) {
        ScheduledExecutorService background = background();
        SecuritySettings.Jwt jwt = settings.jwt();
        SecuritySources sources = new SecuritySources(
                settings.rules() == null
                        ? null
                        : new WatchedFile<>("middleware.security.rules", Path.of(settings.rules()), Rules::parse),
                settings.keys().file() == null
                        ? null
                        : new WatchedFile<>(
                                "middleware.security.keys.file",
                                Path.of(settings.keys().file()),
                                ApiKeys::parse),
                settings.keys().consulPrefix() == null
                        ? null
                        : ConsulKeys.follow(store, settings.keys().consulPrefix()),
                jwt.jwksUri() == null
                        ? null
                        : new KeySource(KeyFetch.from(jwt.jwksUri()), jwt.refresh(), jwt.keep(), ticker, background),
                background);
        background.scheduleWithFixedDelay(sources::refresh, REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
        if (sources.tokenKeys() != null) {
            sources.tokenKeys().start();
        }
        return sources;
    }

    @Bean
    Refusals refusals(Ticker ticker, ObjectProvider<CallListener> listeners) {
        return new Refusals(ticker, CallListener.of(listeners.orderedStream().toList()));
    }

    @Bean
    Gatekeeper gatekeeper(
            SecuritySettings settings,
            SecuritySources sources,
            ObjectProvider<Admission> admission,
            Refusals refusals,
            Ticker ticker) {
        InstantSource clock = InstantSource.system();
        Identities identities = new Identities(
                sources.allKeys(),
                tokens(settings.jwt(), sources.tokenKeys(), clock),
                settings.mtls().enabled() ? new Certificates(settings.mtls().forwarders(), clock) : null);
        return new Gatekeeper(
                identities,
                sources.rules(),
                admission.getIfAvailable(() -> Admission.UNLIMITED),
                new PeerGateways(settings.mtls().gateways()),
                refusals,
                ticker);
    }

    private static @Nullable TokenVerifier tokens(
            SecuritySettings.Jwt jwt, @Nullable KeySource source, InstantSource clock) {
        if (source == null) {
            return null;
        }
        ClaimCheck claims = new ClaimCheck(
                Objects.requireNonNull(jwt.issuer()), Objects.requireNonNull(jwt.audience()), jwt.skew());
        return new TokenVerifier(jwt.algorithms(), claims, source, clock);
    }

    @Bean
    @DependsOn("startupGate")
    RulesReview rulesReview(SecuritySources sources, SchemaWatch schemas) {
        return new RulesReview(sources.rules(), schemas::schema);
    }

    /** Listed as {@code callers}. */
    @Bean
    SecurityHealth callersHealthIndicator(SecuritySources sources, RulesReview review) {
        return new SecurityHealth(sources, review);
    }

    @Bean
    MeterBinder refusedCallers(Refusals refusals) {
        return meters -> {
            FunctionCounter.builder("middleware.security.refused", refusals, Refusals::unauthenticated)
                    .tag("code", "UNAUTHENTICATED")
                    .description("Calls refused as their callers are not known, or not allowed to make them")
                    .register(meters);
            FunctionCounter.builder("middleware.security.refused", refusals, Refusals::denied)
                    .tag("code", "PERMISSION_DENIED")
                    .description("Calls refused as their callers are not known, or not allowed to make them")
                    .register(meters);
        };
    }
}
