-- The selected photos: which of them can be labelled; their metadata saved to files, and read back from there.
local LrApplication = import "LrApplication"
local LrDate = import "LrDate"
local LrFileUtils = import "LrFileUtils"
local LrPathUtils = import "LrPathUtils"
local LrTasks = import "LrTasks"

local Photos = {}

-- Seconds in which Lightroom has to have written a file; it may return from saveMetadata before.
Photos.PATIENCE = 15
local FORMATS = { RAW = true, DNG = true }
-- Seconds: some disks keep times of files to two seconds only.
local GRAIN = 2

-- Why a photo is left out, in words that stand behind a number of photos; nil where it is not.
local function obstacle(photo)
	if photo:getRawMetadata("isVirtualCopy") then
		return "virtual copies, which have no file of their own"
	end
	local format = photo:getRawMetadata("fileFormat")
	if format == "VIDEO" then
		return "videos"
	end
	if not FORMATS[format] then
		return "no RAW files or DNGs"
	end
	if not LrFileUtils.exists(photo:getRawMetadata("path")) then
		return "missing: their files are not there"
	end
	return nil
end

-- Returns the photos that can be labelled, by path, and how many are left out for each reason.
function Photos.chosen()
	local good, left = {}, {}
	for _, photo in ipairs(LrApplication.activeCatalog():getTargetPhotos()) do
		local reason = obstacle(photo)
		if reason then
			left[reason] = (left[reason] or 0) + 1
		else
			table.insert(good, { photo = photo, path = photo:getRawMetadata("path") })
		end
	end
	table.sort(good, function(one, other)
		return one.path < other.path
	end)
	return good, left
end

-- One sentence for each reason for which photos are left out.
function Photos.sentences(left)
	local lines = {}
	for reason, count in pairs(left) do
		table.insert(lines, count .. " left out: " .. reason .. ".")
	end
	table.sort(lines)
	return table.concat(lines, "\n")
end

-- The file that holds a photo's metadata: the DNG itself, or the sidecar of a RAW file.
local function settingsFile(item)
	if item.photo:getRawMetadata("fileFormat") == "DNG" then
		return item.path
	end
	return LrPathUtils.replaceExtension(item.path, "xmp")
end

local function written(path, since)
	local found = LrFileUtils.exists(path) and LrFileUtils.fileAttributes(path)
	return found and found.fileModificationDate and found.fileModificationDate >= since - GRAIN
end

-- Saves the metadata of photos to their files, and waits until they stand there. Without that, reading them back would
-- lose what the catalog alone knows. Returns those for which it has worked; `left` counts the others.
function Photos.save(items, left, canceled)
	local begun, asked, good = LrDate.currentTime(), {}, {}
	for _, item in ipairs(items) do
		if canceled() then
			return {}
		end
		if LrTasks.pcall(item.photo.saveMetadata, item.photo) then
			table.insert(asked, item)
		end
	end
	for _, item in ipairs(asked) do
		local path, waited = settingsFile(item), 0
		while not written(path, begun) and waited < Photos.PATIENCE and not canceled() do
			LrTasks.sleep(0.2)
			waited = waited + 0.2
		end
		if written(path, begun) then
			table.insert(good, item)
		end
	end
	if #good < #items and not canceled() then
		local reason = "their metadata could not be saved to files"
		left[reason] = (left[reason] or 0) + #items - #good
	end
	return good
end

-- Has Lightroom read the metadata of photos from their files. Returns how many it was asked for.
function Photos.readBack(photos)
	local catalog, count = LrApplication.activeCatalog(), 0
	for _, photo in ipairs(photos) do
		local read = LrTasks.pcall(photo.readMetadata, photo)
		if not read then -- in some versions it may only be asked for where the catalog may be changed
			catalog:withWriteAccessDo("Read labels of autohdr", function()
				read = LrTasks.pcall(photo.readMetadata, photo)
			end, { timeout = 10 })
		end
		count = count + (read and 1 or 0)
	end
	return count
end

return Photos
