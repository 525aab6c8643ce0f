package io.middleware.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.CustomHttpPattern;
import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.api.HttpBodyProto;
import com.google.api.HttpRule;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.gateway.ingress.http.route.Apis;
import io.middleware.gateway.kinds.v1.Kinds;
import io.middleware.gateway.library.v1.Book;
import io.middleware.hello.v1.HelloRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What documents say about methods and messages. */
class ApiDocumentTest {
    private static final JsonObject LIBRARY =
            OpenApiCheck.valid(Apis.of(Book.getDescriptor().getFile()), "library.v1.Library");
    private static final JsonObject HELLO =
            OpenApiCheck.valid(Apis.of(HelloRequest.getDescriptor().getFile()));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int32Value  | {'type':'integer','format':'int32'}",
                "uint32Value | {'type':'integer','format':'int64','minimum':0,'maximum':4294967295}",
                "int64Value  | {'type':'string','format':'int64'}",
                "uint64Value | {'type':'string','format':'uint64'}",
                "floatValue  | {'type':'number','format':'float'}",
                "boolValue   | {'type':'boolean'}",
                "bytesValue  | {'type':'string','format':'byte','contentEncoding':'base64'}",
                "color       | {'$ref':'#/components/schemas/kinds.v1.Color'}",
                "inner       | {'$ref':'#/components/schemas/kinds.v1.Kinds.Inner'}",
                "nothing     | {'type':'null'}",
                "strings     | {'type':'array','items':{'type':'string'}}",
                "byInt64     | {'type':'object','additionalProperties':{'type':'string','format':'int64'}}",
                "valueByString | {'type':'object','additionalProperties':{'description':'Any JSON value'}}",
                "boolWrapper | {'type':['boolean','null']}",
                "int64Wrapper | {'type':['string','null'],'format':'int64'}",
                "boolWrappers | {'type':'array','items':{'type':['boolean','null']}}",
                "time        | {'type':'string','format':'date-time'}",
                "struct      | {'type':'object','additionalProperties':true}",
                "list        | {'type':'array','items':{}}",
                "empty       | {'$ref':'#/components/schemas/google.protobuf.Empty'}",
                "other-name  | {'type':'integer','format':'int32'}"
            })
    void field_isDescribedAsItsJson(String field, String schema) throws Exception {
        JsonObject kinds =
                schemas(OpenApiCheck.valid(Apis.of(echo(Kinds.getDescriptor().getFile()))), "kinds.v1.Kinds");

        assertThat(kinds.getAsJsonObject("properties").get(field)).isEqualTo(json(schema));
    }

    @Test
    void enumsOneofsAndRecursion() throws Exception {
        JsonObject document =
                OpenApiCheck.valid(Apis.of(echo(Kinds.getDescriptor().getFile())));

        assertThat(schemas(document, "kinds.v1.Color").get("enum"))
                .isEqualTo(json("['COLOR_UNSPECIFIED','RED','GREEN','LIME','lime','NEGATIVE']"));
        assertThat(schemas(document, "kinds.v1.Kinds").get("description").getAsString())
                .isEqualTo("At most one of `choiceNumber`, `choiceText`, `choiceInner`, `choiceNothing`, "
                        + "`choiceValue`, `choiceFlag`.");
        assertThat(schemas(document, "kinds.v1.Kinds.Inner")
                        .getAsJsonObject("properties")
                        .get("inner"))
                .isEqualTo(json("{'$ref':'#/components/schemas/kinds.v1.Kinds.Inner'}"));
    }

    /** One segment a parameter, as clients would encode a slash in it. */
    @ParameterizedTest
    @CsvSource({
        "/v1/shelves/{shelvesId}/books/{booksId}, get,   library.v1.Library.GetBook-http",
        "/v1/books/{name},                        get,   library.v1.Library.GetBook-http2",
        "/v1/books:search,                        get,   library.v1.Library.SearchBooks-http",
        "/v1/shelves/{shelvesId}/books,           post,  library.v1.Library.CreateBook-http",
        "/v1/shelves/{shelvesId}/books/{booksId}, patch, library.v1.Library.UpdateBook-http",
        "/v1/books/{name}/tags,                   put,   library.v1.Library.TagBook-http",
        "/v1/files/{path},                        get,   library.v1.Library.ReadFile-http",
        "/library.v1.Library/Echo,                post,  library.v1.Library.Echo",
        "/library.v1.Library/GetBook,             get,   library.v1.Library.GetBook-get"
    })
    void pathsOfTheLibrary(String path, String verb, String id) {
        assertThat(operation(LIBRARY, path, verb).get("operationId").getAsString())
                .isEqualTo(id);
    }

    @Test
    void query_hasTheFieldsThatAreText_andThoseOfMessages_withoutRecursion() {
        assertThat(parameters(operation(LIBRARY, "/v1/books:search", "get")))
                .containsExactly(
                        "query text",
                        "query genres",
                        "query author.firstName",
                        "query author.lastName",
                        "query author.born",
                        "query minPages",
                        "query publishedAfter",
                        "query maxAge",
                        "query readMask",
                        "query ids",
                        "query inStock",
                        "query rating",
                        "query token",
                        "query limit",
                        "query ascending",
                        "query descending");
        assertThat(parameters(operation(LIBRARY, "/v1/shelves/{shelvesId}/books", "post")))
                .containsExactly("path shelvesId", "query dryRun");
    }

    @Test
    void responseIsTheMappedField() {
        assertThat(content(operation(LIBRARY, "/v1/books:search", "get"), "application/json"))
                .isEqualTo(json("{'type':'array','items':{'$ref':'#/components/schemas/library.v1.Book'}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "/hello.v1.HelloService/SayHello,           application/json,     application/json",
        "/hello.v1.HelloService/SayHelloEverywhere, application/json,     application/json application/x-ndjson text/event-stream",
        "/hello.v1.HelloService/SayHelloTogether,   application/x-ndjson, application/json",
        "/hello.v1.HelloService/Converse,           application/x-ndjson, application/x-ndjson"
    })
    void streams_haveTheirContentTypes(String path, String request, String response) {
        JsonObject operation = operation(HELLO, path, "post");

        assertThat(operation
                        .getAsJsonObject("requestBody")
                        .getAsJsonObject("content")
                        .keySet())
                .containsExactly(request);
        assertThat(operation
                        .getAsJsonObject("responses")
                        .getAsJsonObject("200")
                        .getAsJsonObject("content")
                        .keySet())
                .containsExactly(response.split(" "));
        assertThat(HELLO.getAsJsonObject("paths").getAsJsonObject(path).has("get"))
                .isEqualTo(path.endsWith("/SayHello"));
    }

    @Test
    void idempotencyKey_whereTheServiceTakesThem_andTheMethodNeedsIt() {
        JsonElement key = json("{'$ref':'#/components/parameters/idempotency-key'}");

        assertThat(operation(LIBRARY, "/library.v1.Library/Echo", "post").getAsJsonArray("parameters"))
                .contains(key);
        assertThat(operation(LIBRARY, "/library.v1.Library/GetBook", "post").getAsJsonArray("parameters"))
                .doesNotContain(key);
        assertThat(HELLO.getAsJsonObject("paths").toString()).doesNotContain("idempotency-key");
    }

    @Test
    void commentsAndOptions_areThere() throws Exception {
        FileDescriptorProto.Builder file = file("shop.proto", "shop");
        file.addMessageType(DescriptorProto.newBuilder()
                .setName("Item")
                .addField(field("name", Type.TYPE_STRING, FieldBehavior.REQUIRED))
                .addField(field("id", Type.TYPE_STRING, FieldBehavior.OUTPUT_ONLY))
                .addField(field("secret", Type.TYPE_STRING, FieldBehavior.INPUT_ONLY)));
        file.getMessageTypeBuilder(0).getFieldBuilder(2).getOptionsBuilder().setDeprecated(true);
        file.addService(service(
                "Shop",
                method(
                        "Buy",
                        "Item",
                        HttpRule.newBuilder().setPost("/{name=items/*}:buy").setBody("*"))));
        file.getServiceBuilder(0).getMethodBuilder(0).getOptionsBuilder().setDeprecated(true);
        file.getSourceCodeInfoBuilder()
                .addLocation(
                        Location.newBuilder().addAllPath(List.of(4, 0)).setLeadingComments(" A thing.\n To buy.\n"))
                .addLocation(
                        Location.newBuilder().addAllPath(List.of(4, 0, 2, 1)).setTrailingComments(" by us "))
                .addLocation(Location.newBuilder().addAllPath(List.of(6, 0)).setLeadingComments(" Sells."))
                .addLocation(
                        Location.newBuilder().addAllPath(List.of(6, 0, 2, 0)).setLeadingComments(" Buys it."));
        JsonObject document = OpenApiCheck.valid(Apis.of(build(file)));

        JsonObject item = schemas(document, "shop.Item");
        assertThat(item.get("description").getAsString()).isEqualTo("A thing.\nTo buy.");
        assertThat(item.get("required")).isEqualTo(json("['name']"));
        assertThat(item.getAsJsonObject("properties"))
                .isEqualTo(json("{'name':{'type':'string'},"
                        + "'id':{'type':'string','description':'by us','readOnly':true},"
                        + "'secret':{'type':'string','deprecated':true,'writeOnly':true}}"));
        assertThat(document.get("tags")).isEqualTo(json("[{'name':'shop.Shop','description':'Sells.'}]"));
        JsonObject buy = operation(document, "/items/{itemsId}:buy", "post");
        assertThat(buy.get("description").getAsString()).isEqualTo("Buys it.\n\nMapped as `/{name=items/*}:buy`.");
        assertThat(buy.get("deprecated").getAsBoolean()).isTrue();
        // the path gives the name, which the message requires
        assertThat(buy.getAsJsonObject("requestBody").toString()).doesNotContain("required\":[");
    }

    @Test
    void mappingsThatOpenApiCannotDistinguish_shareAPath() throws Exception {
        FileDescriptorProto.Builder file = file("shop.proto", "shop");
        file.addMessageType(DescriptorProto.newBuilder()
                .setName("Item")
                .addField(field("name", Type.TYPE_STRING))
                .addField(field("id", Type.TYPE_STRING)));
        file.addService(service(
                "Shop",
                method("A", "Item", HttpRule.newBuilder().setGet("/items/{name}")),
                method("B", "Item", HttpRule.newBuilder().setGet("/items/{id=**}")),
                method("C", "Item", HttpRule.newBuilder().setDelete("/items/{id}")),
                method(
                        "D",
                        "Item",
                        HttpRule.newBuilder()
                                .setCustom(CustomHttpPattern.newBuilder()
                                        .setKind("PURGE")
                                        .setPath("/items/{id}"))),
                method(
                        "E",
                        "Item",
                        HttpRule.newBuilder()
                                .setCustom(CustomHttpPattern.newBuilder()
                                        .setKind("*")
                                        .setPath("/items/{id}"))),
                method(
                        "F",
                        "Item",
                        HttpRule.newBuilder().setPost("/shop.Shop/A").setBody("*"))));
        JsonObject document = OpenApiCheck.valid(Apis.of(build(file)));

        JsonObject path = document.getAsJsonObject("paths").getAsJsonObject("/items/{id}");
        assertThat(path.keySet()).containsExactlyInAnyOrder("description", "get", "put", "post", "delete", "patch");
        assertThat(path.get("description").getAsString())
                .contains("`GET /items/{id=**}` to `/shop.Shop/B`", "`PURGE /items/{id}` to `/shop.Shop/D`");
        assertThat(operation(document, "/items/{id}", "get")
                        .getAsJsonArray("parameters")
                        .get(0))
                .isEqualTo(json("{'name':'id','in':'path','required':true,'description':'Field `name`',"
                        + "'schema':{'type':'string'}}"));
        assertThat(operation(document, "/shop.Shop/A", "post")
                        .get("operationId")
                        .getAsString())
                .isEqualTo("shop.Shop.A");
    }

    @Test
    void httpBody_isContentOfAnyType() throws Exception {
        FileDescriptorProto.Builder file = file("shop.proto", "shop").addDependency("google/api/httpbody.proto");
        file.addService(service(
                "Shop",
                MethodDescriptorProto.newBuilder()
                        .setName("Put")
                        .setInputType(".google.api.HttpBody")
                        .setOutputType(".google.api.HttpBody")
                        .setOptions(MethodOptions.newBuilder()
                                .setExtension(
                                        AnnotationsProto.http,
                                        HttpRule.newBuilder()
                                                .setPost("/raw")
                                                .setBody("*")
                                                .build()))));
        JsonObject raw = operation(OpenApiCheck.valid(Apis.of(build(file))), "/raw", "post");

        assertThat(raw.getAsJsonObject("requestBody").getAsJsonObject("content").keySet())
                .containsExactly("application/octet-stream");
        assertThat(content(raw, "*/*")).isEqualTo(json("{'type':'string','format':'binary'}"));
    }

    /** Two services may have been built with different versions of one file. */
    @Test
    void typesOfOneName_areOneComponent_unlessTheyDiffer() throws Exception {
        FileDescriptor a = build(itemService("a.proto", "A", Type.TYPE_STRING));
        FileDescriptor b = build(itemService("b.proto", "B", Type.TYPE_STRING));
        FileDescriptor c = build(itemService("c.proto", "C", Type.TYPE_INT32));
        JsonObject document = OpenApiCheck.valid(Apis.of(a, b, c));

        assertThat(document.getAsJsonObject("components")
                        .getAsJsonObject("schemas")
                        .keySet())
                .containsExactlyInAnyOrder(
                        "shop.Item", "shop.Box", "shop.Item-2", "shop.Box-2", "connect-error", "http-problem");
        assertThat(content(operation(document, "/shop.C/Get", "post"), "application/json"))
                .isEqualTo(json("{'$ref':'#/components/schemas/shop.Box-2'}"));
        assertThat(schemas(document, "shop.Box-2").getAsJsonObject("properties").get("item"))
                .isEqualTo(json("{'$ref':'#/components/schemas/shop.Item-2'}"));
    }

    private static FileDescriptorProto.Builder itemService(String name, String service, Type type) {
        FileDescriptorProto.Builder file = file(name, "shop");
        file.addMessageType(DescriptorProto.newBuilder()
                .setName("Box")
                .addField(field("item", Type.TYPE_MESSAGE).toBuilder().setTypeName(".shop.Item"))
                .addField(field("box", Type.TYPE_MESSAGE).toBuilder().setTypeName(".shop.Box")));
        file.addMessageType(DescriptorProto.newBuilder().setName("Item").addField(field("name", type)));
        return file.addService(service(service, method("Get", "Box", HttpRule.newBuilder())));
    }

    private static FileDescriptorProto.Builder file(String name, String grpcPackage) {
        return FileDescriptorProto.newBuilder()
                .setName(name)
                .setPackage(grpcPackage)
                .setSyntax("proto3")
                .addDependency("google/api/annotations.proto");
    }

    private static FileDescriptor build(FileDescriptorProto.Builder file) throws DescriptorValidationException {
        return FileDescriptor.buildFrom(
                file.build(), new FileDescriptor[] {AnnotationsProto.getDescriptor(), HttpBodyProto.getDescriptor()});
    }

    /** Returns a file with a method from and to the first message of another. */
    private static FileDescriptor echo(FileDescriptor messages) throws DescriptorValidationException {
        String type = "." + messages.getMessageTypes().getFirst().getFullName();
        return FileDescriptor.buildFrom(
                FileDescriptorProto.newBuilder()
                        .setName("echo.proto")
                        .addDependency(messages.getName())
                        .addService(ServiceDescriptorProto.newBuilder()
                                .setName("Echo")
                                .addMethod(MethodDescriptorProto.newBuilder()
                                        .setName("Do")
                                        .setInputType(type)
                                        .setOutputType(type)))
                        .build(),
                new FileDescriptor[] {messages});
    }

    private static FieldDescriptorProto field(String name, Type type, FieldBehavior... behaviors) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(name.hashCode() & 0xFFF | 1)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
        if (behaviors.length > 0) {
            field.getOptionsBuilder().setExtension(FieldBehaviorProto.fieldBehavior, List.of(behaviors));
        }
        return field.build();
    }

    private static ServiceDescriptorProto service(String name, MethodDescriptorProto.Builder... methods) {
        ServiceDescriptorProto.Builder service =
                ServiceDescriptorProto.newBuilder().setName(name);
        List.of(methods).forEach(service::addMethod);
        return service.build();
    }

    private static MethodDescriptorProto.Builder method(String name, String message, HttpRule.Builder rule) {
        MethodDescriptorProto.Builder method = MethodDescriptorProto.newBuilder()
                .setName(name)
                .setInputType(".shop." + message)
                .setOutputType(".shop." + message);
        if (rule.getPatternCase() != HttpRule.PatternCase.PATTERN_NOT_SET) {
            method.getOptionsBuilder().setExtension(AnnotationsProto.http, rule.build());
        }
        return method;
    }

    private static JsonObject operation(JsonObject document, String path, String verb) {
        return document.getAsJsonObject("paths").getAsJsonObject(path).getAsJsonObject(verb);
    }

    private static JsonElement content(JsonObject operation, String type) {
        return operation
                .getAsJsonObject("responses")
                .getAsJsonObject("200")
                .getAsJsonObject("content")
                .getAsJsonObject(type)
                .get("schema");
    }

    private static List<String> parameters(JsonObject operation) {
        return operation.getAsJsonArray("parameters").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(parameter -> parameter.has("name"))
                .map(parameter -> parameter.get("in").getAsString() + " "
                        + parameter.get("name").getAsString())
                .toList();
    }

    private static JsonObject schemas(JsonObject document, String name) {
        return document.getAsJsonObject("components").getAsJsonObject("schemas").getAsJsonObject(name);
    }

    private static JsonElement json(String text) {
        return JsonParser.parseString(text.replace('\'', '"'));
    }
}
