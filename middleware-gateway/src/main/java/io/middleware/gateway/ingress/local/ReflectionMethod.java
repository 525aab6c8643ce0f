package io.middleware.gateway.ingress.local;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.middleware.core.Code;
import io.middleware.gateway.reflection.Catalog;
import io.middleware.gateway.reflection.CatalogFile;
import io.middleware.gateway.schema.MessageFrames;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code ServerReflectionInfo}. The messages of {@code grpc.reflection.v1} and {@code v1alpha} are the same
 * on the wire. Each request gets what is known when it arrives.
 */
final class ReflectionMethod implements LocalMethod {
    private final LocalCall call;
    private final Supplier<Catalog> catalogs;

    /** {@code catalogs}: returns the current one. */
    ReflectionMethod(LocalCall call, Supplier<Catalog> catalogs) {
        this.call = call;
        this.catalogs = catalogs;
    }

    @Override
    public void onRequest(byte[] message) throws InvalidProtocolBufferException {
        ServerReflectionRequest request = ServerReflectionRequest.parseFrom(message);
        Catalog catalog = catalogs.get();
        ServerReflectionResponse.Builder response = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case FILE_BY_FILENAME ->
                respond(response, catalog.file(request.getFileByFilename()), "file", request.getFileByFilename());
            case FILE_CONTAINING_SYMBOL ->
                respond(
                        response,
                        catalog.fileContaining(request.getFileContainingSymbol()),
                        "symbol",
                        request.getFileContainingSymbol());
            case FILE_CONTAINING_EXTENSION -> {
                ExtensionRequest extension = request.getFileContainingExtension();
                respond(
                        response,
                        catalog.fileExtending(extension.getContainingType(), extension.getExtensionNumber()),
                        "extension",
                        extension.getExtensionNumber() + " of " + extension.getContainingType());
            }
            case ALL_EXTENSION_NUMBERS_OF_TYPE ->
                respond(numbers(response, catalog, request.getAllExtensionNumbersOfType()));
            case LIST_SERVICES -> respond(response.setListServicesResponse(list(catalog)));
            case MESSAGEREQUEST_NOT_SET ->
                respond(error(
                        response,
                        Code.INVALID_ARGUMENT,
                        "the request asks for nothing (expected: list_services, file_by_filename, "
                                + "file_containing_symbol, file_containing_extension or "
                                + "all_extension_numbers_of_type)"));
        }
    }

    private void respond(
            ServerReflectionResponse.Builder response, @Nullable CatalogFile file, String kind, String name) {
        if (file == null) {
            respond(error(response, Code.NOT_FOUND, "no service that is up has the " + kind + " " + name));
        } else {
            call.respond(FileResponse.frame(response.build(), file));
        }
    }

    private void respond(ServerReflectionResponse.Builder response) {
        call.respond(MessageFrames.frame(response.build()));
    }

    private static ServerReflectionResponse.Builder numbers(
            ServerReflectionResponse.Builder response, Catalog catalog, String type) {
        Set<Integer> numbers = catalog.extensionNumbers(type);
        return numbers == null
                ? error(response, Code.NOT_FOUND, "no service that is up has the message type " + type)
                : response.setAllExtensionNumbersResponse(ExtensionNumberResponse.newBuilder()
                        .setBaseTypeName(type)
                        .addAllExtensionNumber(numbers));
    }

    private static ListServiceResponse.Builder list(Catalog catalog) {
        ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
        catalog.services().forEach(name -> list.addServiceBuilder().setName(name));
        return list;
    }

    private static ServerReflectionResponse.Builder error(
            ServerReflectionResponse.Builder response, Code code, String message) {
        return response.setErrorResponse(
                ErrorResponse.newBuilder().setErrorCode(code.ordinal()).setErrorMessage(message));
    }

    @Override
    public void onComplete() {
        call.complete();
    }
}
