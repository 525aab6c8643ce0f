package io.middleware.starter;

import io.middleware.starter.tls.CertificateBook;
import io.middleware.starter.tls.PeerNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundle;

/**
 * How Consul is reached by TLS.
 *
 * @param bundle follows the files of its certificates; null for what Spring Cloud Consul was told, or plain connections
 */
public record ConsulTls(@Nullable SslBundle bundle) {
    private static final String SETTING = "middleware.consul.tls.bundle";

    /** {@code host}: may be named by Consul's certificate instead. */
    static ConsulTls of(ConsulTokenProperties.Tls settings, String host, ObjectProvider<CertificateBook> book) {
        if (settings.bundle() == null || settings.bundle().isBlank()) {
            return new ConsulTls(null);
        }
        List<String> names = new ArrayList<>(settings.names());
        names.add(host);
        return new ConsulTls(
                book.getObject().of(settings.bundle().strip(), SETTING).bundle(new PeerNames(names)));
    }
}
