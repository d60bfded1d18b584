using System.Net;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Hosting;

namespace RecordingVault.Server.Platform.Security;

/// <summary>The vault's own address: from configuration, or the loopback name where none is set. The Host header never makes a link.</summary>
internal sealed class PublicAddress(IOptions<VaultOptions> options)
{
    private const string Loopback = "localhost";

    private readonly Uri? configured = options.Value.PublicUrl;
    private readonly HashSet<string> managementNames = [.. Hosts(options.Value.Management.Urls)];
    private readonly string? configuredRoot = options.Value.PublicUrl?.GetLeftPart(UriPartial.Authority);

    public bool IsConfigured => configured is not null;

    /// <summary>The same as <see cref="Root"/> where nobody asks (letters, verbs); null where none is configured.</summary>
    public string? ConfiguredRoot => configuredRoot;

    /// <summary>Scheme and authority for links, without a slash at the end.</summary>
    public string Root(HttpRequest request) => request.HttpContext.IsByManagement() ? $"{request.Scheme}://{request.Host}" : configuredRoot ?? $"{request.Scheme}://{request.Host}";

    /// <summary>The name that pages show: whose door this is.</summary>
    public string HostName(HttpRequest request) => request.HttpContext.IsByManagement() ? request.Host.Host : configured?.Host ?? request.Host.Host;

    /// <summary>The name that members' passkeys are bound to. An operator's are bound to the name of his listener, of which <see cref="IsOwnHost(HttpRequest)"/> lets no other in.</summary>
    public string PasskeyName => configured?.Host ?? Loopback;

    /// <summary>Whether the page that asks stands under the name of the passkeys. Browsers take names only, no numbers.</summary>
    public bool TakesPasskeys(HttpRequest request) =>
        (request.HttpContext.IsByManagement() || request.Host.Host.Equals(PasskeyName, StringComparison.OrdinalIgnoreCase)) && !IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out _);

    public bool IsOwnOrigin(string origin, HttpRequest request) => string.Equals(origin, Root(request), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the vault answers the request under the name that it came by: its public name, or a loopback name from this machine itself.</summary>
    public bool IsOwnHost(HttpRequest request) =>
        IsOwnHost(request.Host, request.HttpContext.Connection.RemoteIpAddress)
        || (request.HttpContext.IsByManagement() && managementNames.Contains(request.Host.Host.ToLowerInvariant()));

    /// <param name="sender">As a trusted proxy tells it; null where the connection is no address of the network (a socket in the file system).</param>
    public bool IsOwnHost(HostString host, IPAddress? sender) =>
        (IsLoopbackName(host.Host) && (sender is null || IPAddress.IsLoopback(sender.IsIPv4MappedToIPv6 ? sender.MapToIPv4() : sender)))
        || (configured is not null && string.Equals(host.Host, configured.Host, StringComparison.OrdinalIgnoreCase));

    /// <summary>The names that the operator's own listener is called by. A loopback name is good from this machine alone, there as elsewhere.</summary>
    private static IEnumerable<string> Hosts(string urls) =>
        urls.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host.ToLowerInvariant() : "").Where(host => host.Length > 0 && !IsLoopbackName(host));

    public static bool IsLoopbackName(string host) =>
        string.Equals(host, Loopback, StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
