using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Uploading;

/// <summary>Which files of a folder make which recording: the vault says it, as it does for its own page.</summary>
internal static class FolderPlan
{
    private static readonly string[] s_roles = ["original", "audio", "captions", "transcript", "chat"];

    /// <param name="leaveOut">Told of each file that is not uploaded, and why.</param>
    public static async Task<IReadOnlyList<RecordingPlan>> AskAsync(VaultClient vault, string folder, Guid? recordingId, Action<string, string> leaveOut, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, LocalFile>(StringComparer.Ordinal);
        foreach (var file in FolderFiles.Find(folder))
        {
            // The vault takes no such name, and one of them would cost the others.
            if (ShownText.Of(file.Shown) != file.Shown || file.Shown.Contains('\\', StringComparison.Ordinal))
                leaveOut(file.Shown, "Its name holds characters that can't be seen or steer a terminal. Rename it, or upload it alone.");
            else
                files.Add(file.Shown, file);
        }

        if (files.Count == 0) return [];
        var question = new PlanQuestion([.. files.Values.Select(file => new PlanFile(file.Shown, file.Length, file.Modified))], TimeZoneInfo.Local.HasIanaId ? TimeZoneInfo.Local.Id : null);
        using var request = vault.Request(HttpMethod.Post, "/api/v1/uploads/plan");
        request.Content = JsonBody.Of(question, MessageJson.Default.PlanQuestion);
        var answer = await vault.AskAsync(request, MessageJson.Default.PlanAnswer, cancellationToken);
        var plans = new List<RecordingPlan>();
        foreach (var recording in answer.Recordings ?? [])
        {
            // Only what was asked about is taken, and once: an answer can't make this program send another file.
            var parts = (recording.Files ?? []).Select(part =>
                part.Path is { } path && Array.IndexOf(s_roles, part.Role) >= 0 && files.Remove(path, out var file) ? new PlannedUpload(file, part.Role) : throw vault.Strange()).ToList();
            if (parts.Count == 0) throw vault.Strange();
            plans.Add(new RecordingPlan(recordingId, recording.Title, recording.RecordedAt, parts) { Source = recording.Source });
        }

        foreach (var left in answer.LeftOut ?? [])
        {
            if (left.Path is { } path && files.Remove(path))
                leaveOut(path, ShownText.Of(left.Says ?? ""));
        }

        foreach (var file in files.Keys)
            leaveOut(file, "The vault did not say what it is.");
        return plans;
    }
}
