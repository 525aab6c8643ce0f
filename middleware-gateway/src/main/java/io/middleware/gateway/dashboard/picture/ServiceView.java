package io.middleware.gateway.dashboard.picture;

import java.util.List;

/**
 * What one gateway has counted of a service's calls since it knows the service.
 *
 * @param budget retries that the budget allows at the moment
 */
public record ServiceView(
        String name,
        List<String> grpcServices,
        double budget,
        long retries,
        long hedges,
        long hedgesWon,
        long ejections,
        long secondary,
        long stale) {}
