package io.middleware.starter.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** Thrown for a peer whose certificate is not accepted. The message says what came and what was expected. */
public final class RefusedPeerException extends CertificateException {
    private static final long serialVersionUID = 1L;

    RefusedPeerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
