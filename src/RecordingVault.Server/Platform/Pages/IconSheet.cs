using System.Collections.Frozen;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>Collects the icons that one page uses, so that its sprite holds those and no others.</summary>
public sealed class IconSheet
{
    private static readonly FrozenDictionary<string, string> s_symbols = Read();

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The sprite's wish to be drawn again: icons deeper in the page are met after it.</summary>
    public Action? OnNewIcon { get; set; }

    public IEnumerable<string> Symbols => _used.Select(name => s_symbols[name]);

    public static IEnumerable<string> Known => s_symbols.Keys;

    public void Use(string name)
    {
        if (!s_symbols.ContainsKey(name))
        {
            throw new InvalidOperationException($"There is no icon '{name}'. Add it to Client/icons.json.");
        }

        if (_used.Add(name))
        {
            OnNewIcon?.Invoke();
        }
    }

    private static FrozenDictionary<string, string> Read()
    {
        using var stream = typeof(IconSheet).Assembly.GetManifestResourceStream("Client.icons.svg")
            ?? throw new InvalidOperationException("The client build left no icons.svg in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToFrozenDictionary(NameOf, symbol => symbol, StringComparer.Ordinal);
    }

    private static string NameOf(string symbol)
    {
        const string start = "<symbol id=\"i-";
        return symbol[start.Length..symbol.IndexOf('"', start.Length)];
    }
}
