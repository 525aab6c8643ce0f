package io.middleware.starter;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this application identifies itself to Consul.
 *
 * @param tokenFile File with the token for Consul's ACLs. It may be replaced at any time: the next request to Consul
 *                  takes the new token. It takes precedence over spring.cloud.consul.discovery.acl-token.
 */
@ConfigurationProperties("middleware.consul")
public record ConsulTokenProperties(
        @Nullable Path tokenFile, @DefaultValue Tls tls) {

    /**
     * How Consul is reached by TLS, where spring.cloud.consul.scheme is https.
     *
     * @param bundle SSL bundle of Spring with own certificate and the authorities of Consul. Its files may be replaced at any time.
     * @param names Names of which Consul's certificate must have one; or that of spring.cloud.consul.host.
     */
    public record Tls(
            @Nullable String bundle,
            @DefaultValue("spiffe://middleware/consul") List<String> names) {}

    /** Returns the token in the file, or the given one where no file is set. */
    ConsulToken tokenOr(@Nullable String fixed) {
        return tokenFile == null || tokenFile.toString().isBlank()
                ? ConsulToken.fixed(fixed)
                : ConsulToken.inFile(tokenFile);
    }
}
