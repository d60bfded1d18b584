using System.Net;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Platform.Security;

/// <summary>The vault's own address: from configuration, or the loopback name where none is set. The Host header never makes a link.</summary>
internal sealed class PublicAddress(IOptions<VaultOptions> options)
{
    private readonly Uri? configured = options.Value.PublicUrl;
    private readonly string? configuredRoot = options.Value.PublicUrl?.GetLeftPart(UriPartial.Authority);

    public bool IsConfigured => configured is not null;

    /// <summary>Scheme and authority for links, without a slash at the end.</summary>
    public string Root(HttpRequest request) => configuredRoot ?? $"{request.Scheme}://{request.Host}";

    /// <summary>The name that pages show: whose door this is.</summary>
    public string HostName(HttpRequest request) => configured?.Host ?? request.Host.Host;

    public bool IsOwnOrigin(string origin, HttpRequest request) => string.Equals(origin, Root(request), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the vault answers the request under the name that it came by: its public name, or a loopback name from this machine itself.</summary>
    public bool IsOwnHost(HttpRequest request) => IsOwnHost(request.Host, request.HttpContext.Connection.RemoteIpAddress);

    /// <param name="sender">As a trusted proxy tells it; null where the connection is no address of the network (a socket in the file system).</param>
    public bool IsOwnHost(HostString host, IPAddress? sender) =>
        (IsLoopbackName(host.Host) && (sender is null || IPAddress.IsLoopback(sender.IsIPv4MappedToIPv6 ? sender.MapToIPv4() : sender)))
        || (configured is not null && string.Equals(host.Host, configured.Host, StringComparison.OrdinalIgnoreCase));

    public static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
