package io.middleware.gateway.ingress.grpc;

import io.middleware.core.CallHandler;
import io.middleware.core.Ticker;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.CallerProtocols;

/** What calls need, whichever connection they come from. */
record CallServices(CallHandler calls, Ticker ticker, CallReport report, CallerProtocols protocols) {}
