using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Export.Packages;

internal static class ExportProblems
{
    public static readonly Problem NotReady = new("export-not-ready", 409, "The package is not built yet. Ask for the export again in a moment; its state says when it is ready.");
    public static readonly Problem Nothing = new("export-refused", 409, "There is no package: nothing of what was asked for could be packed. The export says why, recording by recording.");
    public static readonly Problem TagChanged = new("export-outdated", 409, "The usage tag of a recording in the package was changed since it was packed, and its files say the old one. Ask for a new package.");
    public static readonly Problem TooMany = new("too-many-exports", 409, "As many packages are being built, or wait to be fetched, as the vault keeps at once. Fetch or end some of them, or wait.");
    public static readonly Problem Ended = new("export-ended", 410, "The package is over: its time has passed, somebody ended it, or a recording in it was destroyed. Ask for a new one.");
}
