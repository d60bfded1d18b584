using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>Neighbouring hundredths of a recording that were played equally often.</summary>
/// <param name="From">As people say it: a time, or percent where the length is not known.</param>
internal sealed record PlayedStretch(string From, string To, int Times)
{
    public static IReadOnlyList<PlayedStretch> Of(IReadOnlyList<int> parts, TimeSpan? duration)
    {
        var stretches = new List<PlayedStretch>();
        for (var from = 0; from < parts.Count;)
        {
            var to = from + 1;
            while (to < parts.Count && parts[to] == parts[from])
                to++;
            stretches.Add(new PlayedStretch(Place(from, parts.Count, duration), Place(to, parts.Count, duration), parts[from]));
            from = to;
        }

        return stretches;
    }

    private static string Place(int part, int count, TimeSpan? duration) => duration is { } whole ? Amount.Clock(whole * ((double)part / count)) : $"{100 * part / count} %";
}
