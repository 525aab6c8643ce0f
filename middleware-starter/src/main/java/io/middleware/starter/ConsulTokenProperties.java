package io.middleware.starter;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How this application identifies itself to Consul.
 *
 * @param tokenFile File with the token for Consul's ACLs. It may be replaced at any time: the next request to Consul
 *                  takes the new token. It takes precedence over spring.cloud.consul.discovery.acl-token.
 */
@ConfigurationProperties("middleware.consul")
public record ConsulTokenProperties(@Nullable Path tokenFile) {

    /** Returns the token in the file, or the given one where no file is set. */
    ConsulToken tokenOr(@Nullable String fixed) {
        return tokenFile == null || tokenFile.toString().isBlank()
                ? ConsulToken.fixed(fixed)
                : ConsulToken.inFile(tokenFile);
    }
}
