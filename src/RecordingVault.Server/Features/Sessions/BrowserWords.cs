namespace RecordingVault.Server.Features.Sessions;

/// <summary>What a browser calls itself, in plain words. It is what the browser says: whoever likes calls himself otherwise.</summary>
internal static class BrowserWords
{
    // In this order: most browsers also name those whose pages they want to get.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "a Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    public static string Of(string? userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        ({ } browser, null) => browser,
        (null, { } system) => $"A program on {system}",
        _ => "A program that did not say which",
    };

    private static string? Find((string Mark, string Name)[] known, string? userAgent) =>
        userAgent is null ? null : Array.Find(known, name => userAgent.Contains(name.Mark, StringComparison.Ordinal)).Name;
}
