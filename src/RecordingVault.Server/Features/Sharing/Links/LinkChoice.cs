namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>Which of the tenant's links a list shows.</summary>
public enum LinkChoice
{
    /// <summary>They open something now.</summary>
    Live,

    /// <summary>Over by time, stopped, or of a recording in the trash.</summary>
    Ended,

    /// <summary>Nobody ever proved their secret, whether they are live or over.</summary>
    NeverOpened,
}

internal static class LinkChoices
{
    public static string Name(this LinkChoice choice) => choice switch
    {
        LinkChoice.Live => "live",
        LinkChoice.Ended => "ended",
        LinkChoice.NeverOpened => "never-opened",
        _ => throw new ArgumentOutOfRangeException(nameof(choice)),
    };

    /// <summary>Null for a word that is none of ours.</summary>
    public static LinkChoice? Read(string word)
    {
        foreach (var choice in Enum.GetValues<LinkChoice>())
        {
            if (choice.Name() == word)
                return choice;
        }

        return null;
    }
}
