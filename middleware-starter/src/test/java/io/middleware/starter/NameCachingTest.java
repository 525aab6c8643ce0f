package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.OrderUtils;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

class NameCachingTest {

    private static final String FOUND = "networkaddress.cache.ttl";
    private static final String NOT_FOUND = "networkaddress.cache.negative.ttl";

    private final String negativeBefore = Security.getProperty(NOT_FOUND);

    @AfterEach
    void restore() {
        Security.setProperty(NOT_FOUND, negativeBefore);
    }

    @Test
    void nothingSet_aSecondForBoth() {
        Security.setProperty(NOT_FOUND, "10");
        start();
        assertThat(Security.getProperty(FOUND)).isEqualTo("1");
        assertThat(Security.getProperty(NOT_FOUND)).isEqualTo("1");
    }

    @Test
    void whatWasSet_isKept() {
        Security.setProperty(NOT_FOUND, "7");
        start();
        assertThat(Security.getProperty(NOT_FOUND)).isEqualTo("7");
    }

    @Test
    void everyApplicationWithTheStarter_hasIt() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(EnvironmentPostProcessor.class, (type, name, othersNeedMore) -> {}))
                .hasAtLeastOneElementOfType(NameCaching.class);
    }

    @Test
    void othersLookUpNamesToo_soItComesFirst() {
        assertThat(OrderUtils.getOrder(NameCaching.class)).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
    }

    private static void start() {
        new NameCaching().postProcessEnvironment(new MockEnvironment(), new SpringApplication());
    }
}
