package io.middleware.gateway.tls;

import io.middleware.gateway.GatewaySettings;
import io.middleware.starter.tls.CertificateBook;
import io.middleware.starter.tls.PeerNames;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TlsConfiguration {
    private static final String BUNDLE = "middleware.gateway.tls.callers.bundle";

    @Bean
    @ConditionalOnProperty(BUNDLE)
    CallerTls callerTls(GatewaySettings settings, CertificateBook book) {
        TlsSettings.Callers callers = settings.tls().callers();
        return new CallerTls(book.of(Objects.requireNonNull(callers.bundle()), BUNDLE), new PeerNames(callers.names()));
    }

    @Bean
    GatewayLinks gatewayLinks(GatewaySettings settings, CertificateBook book) {
        String bundle = settings.tls().callers().bundle();
        return bundle == null
                ? GatewayLinks.plain(settings.peers().trusted())
                : GatewayLinks.of(book.of(bundle, BUNDLE));
    }

    @Bean
    InstanceContexts instanceContexts(GatewaySettings settings, CertificateBook book) {
        return new InstanceContexts(settings.tls().instances(), book);
    }
}
