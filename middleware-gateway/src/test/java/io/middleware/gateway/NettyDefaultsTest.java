package io.middleware.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyDefaultsTest {
    private static final String LEAKS = "io.netty.leakDetection.level";

    private final String before = System.getProperty(LEAKS);

    @AfterEach
    void restore() {
        if (before != null) {
            System.setProperty(LEAKS, before);
        } else {
            System.clearProperty(LEAKS);
        }
    }

    @Test
    void leaksAreNotSearchedFor() {
        System.clearProperty(LEAKS);

        NettyDefaults.set();

        assertThat(System.getProperty(LEAKS)).isEqualTo("disabled");
    }

    @Test
    void whatTheCommandLineSays_isKept() {
        System.setProperty(LEAKS, "paranoid");

        NettyDefaults.set();

        assertThat(System.getProperty(LEAKS)).isEqualTo("paranoid");
    }
}
