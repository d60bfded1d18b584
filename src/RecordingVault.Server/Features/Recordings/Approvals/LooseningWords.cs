namespace RecordingVault.Server.Features.Recordings.Approvals;

internal static class LooseningWords
{
    public static string State(string state) => state switch
    {
        "pending" => "It waits for a second owner or admin.",
        "approved" => "It was approved, and the tag is changed.",
        "declined" => "It was declined, and the tag stayed.",
        "expired" => "Nobody decided in time, and the tag stayed.",
        _ => "Something changed meanwhile, so it is not asked any more.",
    };
}
