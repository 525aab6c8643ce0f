package io.middleware.starter.tls;

import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/** The certificates in use, and what health says of them. */
@AutoConfiguration(after = SslAutoConfiguration.class)
final class TlsAutoConfiguration {
    @Bean
    CertificateBook certificateBook(SslBundles bundles) {
        return new CertificateBook(bundles);
    }

    @Bean
    CertificatesHealthIndicator certificatesHealthIndicator(CertificateBook book) {
        return new CertificatesHealthIndicator(book, InstantSource.system());
    }
}
