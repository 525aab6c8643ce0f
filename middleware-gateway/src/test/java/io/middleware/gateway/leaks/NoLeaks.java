package io.middleware.gateway.leaks;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a class of tests if a buffer was found that was never released. That is found after the next collection of garbage, so an
 * earlier class may have lost it. JUnit finds this by itself, for all classes.
 */
public final class NoLeaks implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
        check();
    }

    static void check() {
        List<String> leaks = LeakDetector.take();
        if (!leaks.isEmpty()) {
            throw new AssertionError("buffers were never released, by this class or an earlier one (with -D"
                    + "io.netty.leakDetection.level=paranoid Netty tells where they were used): " + leaks);
        }
    }
}
