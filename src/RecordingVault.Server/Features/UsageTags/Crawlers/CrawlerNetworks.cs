using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.UsageTags.Crawlers;

/// <summary>
/// The networks that crawlers publish as theirs, of a file that the operator keeps: on each line a name, a blank and a network, as <c>GPTBot 192.0.2.0/24</c>; empty lines and lines that begin with # say nothing.
/// By it a name can be verified, and a crawler is known that calls itself something else.
/// </summary>
internal sealed class CrawlerNetworks
{
    public static readonly CrawlerNetworks None = new(new Dictionary<IPNetwork, string>());

    private const int MostLines = 20_000;

    private readonly FrozenDictionary<IPNetwork, string> names;
    private readonly FrozenSet<string> listed;
    private readonly int[] lengths;

    private CrawlerNetworks(IReadOnlyDictionary<IPNetwork, string> networks)
    {
        names = networks.ToFrozenDictionary();
        listed = networks.Values.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        // The narrowest network names an address.
        lengths = [.. networks.Keys.Select(network => network.PrefixLength).Distinct().OrderDescending()];
    }

    /// <exception cref="VaultStartException">The file can't be read, or a line of it is not as it should be.</exception>
    public static CrawlerNetworks Read(string? path)
    {
        if (path is not { Length: > 0 })
            return None;
        var networks = new Dictionary<IPNetwork, string>();
        foreach (var (number, line) in Lines(path).Index())
        {
            if (number == MostLines)
                throw new VaultStartException($"Vault__CrawlerNetworks: {path} has more than {MostLines} lines.");
            if (line.Trim() is not { Length: > 0 } said || said[0] == '#')
                continue;
            if (said.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is not [var name, var text] || !TryParse(text, out var network))
                throw new VaultStartException($"Vault__CrawlerNetworks: line {number + 1} of {path} is no name and network, such as GPTBot 192.0.2.0/24.");
            networks[network.Value] = name;
        }

        return new CrawlerNetworks(networks);
    }

    /// <summary>Whose network it is; null where nobody's.</summary>
    public string? Owner(IPAddress? address)
    {
        if (lengths.Length == 0 || address is null)
            return null;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bits = address.GetAddressBytes().Length * 8;
        return lengths.Where(length => length <= bits).Select(length => names.GetValueOrDefault(new IPNetwork(Masked(address, length), length))).FirstOrDefault(name => name is not null);
    }

    /// <summary>Whether the operator keeps networks of this name, so that another address is an impostor's.</summary>
    public bool Knows(string name) => listed.Contains(name);

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            return File.ReadLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new VaultStartException($"Vault__CrawlerNetworks: {path} can't be read: {failure.Message}");
        }
    }

    /// <summary>A network, or an address alone; bits behind the prefix count as none.</summary>
    private static bool TryParse(string text, [NotNullWhen(true)] out IPNetwork? network)
    {
        network = null;
        var parts = text.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out var address) || address.IsIPv4MappedToIPv6)
            return false;
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        // A network of everybody would turn everybody away.
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length < 8 || length > bits))
            return false;
        network = new IPNetwork(Masked(address, length), length);
        return true;
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (8 * i), 0, 8));
        return new IPAddress(bytes);
    }
}
