-- What Lightroom Classic reads of this plug-in first.
return {
	LrSdkVersion = 6.0,
	LrSdkMinimumVersion = 6.0,
	LrToolkitIdentifier = "org.autohdr.lightroom",
	LrPluginName = "autohdr",
	VERSION = { major = 0, minor = 1, revision = 0 },
	LrLibraryMenuItems = {
		{ title = "&Label with autohdr", file = "Label.lua", enabledWhen = "photosSelected" },
		{ title = "L&earn my style from the selected photos", file = "Learn.lua", enabledWhen = "photosSelected" },
		{ title = "autohdr &settings...", file = "Settings.lua" },
	},
}
