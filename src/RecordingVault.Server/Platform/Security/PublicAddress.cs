using System.Net;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Platform.Security;

/// <summary>The vault's own address: from configuration, or the loopback name where none is set. The Host header never makes a link.</summary>
internal sealed class PublicAddress(IOptions<VaultOptions> options)
{
    private readonly Uri? configured = options.Value.PublicUrl;

    public bool IsConfigured => configured is not null;

    /// <summary>Scheme and authority for links, without a slash at the end.</summary>
    public string Root(HttpRequest request) => configured?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";

    /// <summary>The name that pages show: whose door this is.</summary>
    public string HostName(HttpRequest request) => configured?.Host ?? request.Host.Host;

    public bool IsOwnOrigin(string origin, HttpRequest request) => string.Equals(origin, Root(request), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the vault answers under this name: its public name, or a loopback name where the request came by loopback or no public name is set.</summary>
    public bool IsOwnHost(HostString host) =>
        IsLoopbackName(host.Host) || (configured is not null && string.Equals(host.Host, configured.Host, StringComparison.OrdinalIgnoreCase));

    public static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
