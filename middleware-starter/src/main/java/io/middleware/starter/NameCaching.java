package io.middleware.starter;

import java.security.Security;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Has the JVM ask anew for a name's address after a second, so that Consul is found when it is at another. By default
 * an address is kept for 30 s, and that a name has none for 10 s; and of the latter a system property says nothing as
 * long as the JDK's own file of security properties has a value. Comes before other post-processors, of which one looks
 * up the machine's name: the JVM reads this at the first lookup, and never again.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class NameCaching implements EnvironmentPostProcessor {

    private static final String SECONDS = "1";
    private static final String DEFAULT_OF_THE_JDK = "10";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (Security.getProperty("networkaddress.cache.ttl") == null) {
            Security.setProperty("networkaddress.cache.ttl", System.getProperty("sun.net.inetaddr.ttl", SECONDS));
        }
        if (DEFAULT_OF_THE_JDK.equals(Security.getProperty("networkaddress.cache.negative.ttl"))) {
            Security.setProperty(
                    "networkaddress.cache.negative.ttl", System.getProperty("sun.net.inetaddr.negative.ttl", SECONDS));
        }
    }
}
