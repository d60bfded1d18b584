using System.Globalization;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Platform.Hosting;

/// <summary>Where the server will listen, as the web host reads it from its configuration.</summary>
internal static class ListenerAddresses
{
    public const string Default = "http://localhost:8080";

    private const string ManagementEndpoint = "VaultManagement";

    /// <summary>In the web host's own order: endpoints of Kestrel, addresses, ports; else our own default.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration) =>
        Endpoints(configuration) is { Count: > 0 } endpoints ? endpoints
        : Split(configuration[WebHostDefaults.ServerUrlsKey]) is { Count: > 0 } addresses ? addresses
        : Ports(configuration) is { Count: > 0 } ports ? ports
        : [Default];

    /// <summary>Whether the web host's own section names them; then Kestrel listens there, and on no address named otherwise.</summary>
    public static bool AreEndpoints(IConfiguration configuration) => Endpoints(configuration).Count > 0;

    /// <summary>The operator's listeners; none where none is named, nor on a node that serves no pages.</summary>
    public static IReadOnlyList<string> Management(IConfiguration configuration) =>
        IsWeb(configuration) ? Split(configuration["Vault:Management:Urls"]?.Replace(',', ';')) : [];

    private static bool IsWeb(IConfiguration configuration) =>
        configuration["Vault:Roles"] is not { } roles || new VaultOptions { Roles = roles }.IsWeb;

    public static string ManagementKey(int number) => $"Kestrel:Endpoints:{ManagementEndpoint}{number}:Url";

    /// <summary>Whether only this machine reaches it. Any name but localhost, such as + or *, is every address.</summary>
    public static bool IsLoopback(string address)
    {
        var authority = address[(address.IndexOf("://", StringComparison.Ordinal) is var at && at >= 0 ? at + 3 : 0)..].Split('/')[0];
        return authority.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) || authority.StartsWith("pipe:", StringComparison.OrdinalIgnoreCase)
            || PublicAddress.IsLoopbackName(authority.StartsWith('[') ? authority.Split(']')[0] + "]" : authority.Split(':')[0]);
    }

    public static int Port(string address) =>
        int.TryParse(address.TrimEnd('/')[(address.TrimEnd('/').LastIndexOf(':') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port
        : address.StartsWith("https", StringComparison.OrdinalIgnoreCase) ? 443
        : 80;

    private static List<string> Endpoints(IConfiguration configuration) =>
    [
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Where(endpoint => !endpoint.Key.StartsWith(ManagementEndpoint, StringComparison.OrdinalIgnoreCase)).Select(endpoint => endpoint["Url"]).OfType<string>(),
    ];

    private static List<string> Ports(IConfiguration configuration) =>
    [
        .. Split(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"),
        .. Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"),
    ];

    private static List<string> Split(string? text) => [.. (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
