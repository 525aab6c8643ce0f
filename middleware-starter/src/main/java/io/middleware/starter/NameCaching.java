package io.middleware.starter;

import java.security.Security;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Makes the JVM resolve a name again after a second, so that Consul is found when its address changes. By default an
 * address is cached for 30 s, and a failed look-up for 10 s. For the latter, a system property has no effect while the
 * JDK's own file of security properties has a value. Runs before other post-processors, one of which looks up the
 * machine's name: the JVM reads this at the first look-up, and never again.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class NameCaching implements EnvironmentPostProcessor {

    private static final String SECONDS = "1";
    private static final String JDK_DEFAULT = "10";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (Security.getProperty("networkaddress.cache.ttl") == null) {
            Security.setProperty("networkaddress.cache.ttl", System.getProperty("sun.net.inetaddr.ttl", SECONDS));
        }
        if (JDK_DEFAULT.equals(Security.getProperty("networkaddress.cache.negative.ttl"))) {
            Security.setProperty(
                    "networkaddress.cache.negative.ttl", System.getProperty("sun.net.inetaddr.negative.ttl", SECONDS));
        }
    }
}
