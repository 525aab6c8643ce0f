package io.middleware.gateway.security.jwt;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native code that verifies signatures by elliptic curves. It is not there on other processors than that of the build, with
 * another libc, or where nothing may be executed in the folder for temporary files: then the JDK verifies, which takes longer.
 */
final class NativeSignatures {
    private static final Logger log = LoggerFactory.getLogger(NativeSignatures.class);

    /** Null where it does not run. */
    static final @Nullable Provider PROVIDER = usable(() -> Corretto.provider());

    private NativeSignatures() {}

    /** Apart, as a class that names what is missing cannot be loaded. */
    private static final class Corretto {
        static Provider provider() {
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
            return AmazonCorrettoCryptoProvider.INSTANCE;
        }
    }

    /** Returns the provider; null, with a line in the log, if it cannot be used. */
    static @Nullable Provider usable(Supplier<Provider> provider) {
        try {
            return provider.get();
        } catch (RuntimeException | LinkageError unusable) {
            log.info(
                    "the JDK verifies signatures of tokens by EC and Ed25519, as native code, which is faster, does not run: {}",
                    reason(unusable));
            return null;
        }
    }

    private static String reason(Throwable unusable) {
        Throwable last = unusable;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.toString() : last.getMessage();
    }
}
