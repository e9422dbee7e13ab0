-- Stands in for the calls of Lightroom's SDK that the plug-in makes. `python` has what only a real system can do.
local python, folder = ...

WIN_ENV = python.windows
local shown = { messages = {}, captions = {}, saved = 0, read = {}, asked = {} }
local modules = {}

function import(name)
	return assert(modules[name], name .. " is no module of the SDK")
end

local loaded = {}
function require(name)
	if loaded[name] == nil then
		loaded[name] = assert(loadfile(folder .. "/" .. name .. ".lua"))()
	end
	return loaded[name]
end

modules.LrTasks = {
	startAsyncTask = function(work)
		work()
	end,
	execute = python.execute,
	pcall = pcall,
	sleep = function(seconds)
		python.sleep(seconds)
	end,
}
modules.LrFunctionContext = {
	callWithContext = function(name, work)
		return work({})
	end,
	postAsyncTaskWithContext = function(name, work)
		return work({})
	end,
}
modules.LrDialogs = {
	message = function(title, info, style)
		table.insert(shown.messages, { title = title, info = info, style = style })
	end,
	confirm = function(title, info)
		table.insert(shown.asked, title .. "\n" .. info)
		return python.answer
	end,
	presentModalDialog = function(asked)
		python.typed(shown.properties)
		return python.answer
	end,
	attachErrorDialogToFunctionContext = function() end,
}
modules.LrProgressScope = function()
	return {
		setCancelable = function() end,
		setCaption = function(self, text)
			table.insert(shown.captions, text)
		end,
		setPortionComplete = function() end,
		isCanceled = function()
			return python.canceled()
		end,
		done = function() end,
	}
end
modules.LrBinding = {
	makePropertyTable = function()
		shown.properties = {}
		return shown.properties
	end,
}
local view = setmetatable({}, {
	__index = function(self, name)
		return function(self, given)
			return given or 0
		end
	end,
})
modules.LrView = {
	share = function(name)
		return name
	end,
	bind = function(name)
		return name
	end,
	osFactory = function()
		return view
	end,
}
local preferences = {}
modules.LrPrefs = {
	prefsForPlugin = function()
		return preferences
	end,
}
modules.LrDate = { currentTime = python.time }
modules.LrPathUtils = {
	getStandardFilePath = function(name)
		return python.temp
	end,
	child = function(parent, name)
		return parent .. "/" .. name
	end,
	replaceExtension = function(path, extension)
		return (path:gsub("%.[^./]*$", "." .. extension))
	end,
}
modules.LrFileUtils = {
	exists = function(path)
		return python.modified(path) and "file" or false
	end,
	fileAttributes = function(path)
		return { fileModificationDate = python.modified(path) }
	end,
	chooseUniqueFileName = function(path)
		return path
	end,
	delete = function(path)
		os.remove(path)
	end,
}

local photos = {}
local catalog = {
	writable = false,
	getTargetPhotos = function(self)
		return photos
	end,
}
function catalog:withWriteAccessDo(name, work)
	self.writable = true
	work()
	self.writable = false
end
modules.LrApplication = {
	activeCatalog = function()
		return catalog
	end,
}

local function photo(path, format, virtual)
	return {
		getRawMetadata = function(self, key)
			return ({ path = path, fileFormat = format, isVirtualCopy = virtual or false })[key]
		end,
		saveMetadata = function(self)
			shown.saved = shown.saved + 1
			python.save(path)
		end,
		readMetadata = function(self)
			assert(catalog.writable or not python.strict, "the catalog may not be changed now")
			table.insert(shown.read, path)
		end,
	}
end

return {
	shown = shown,
	preferences = preferences,
	add = function(path, format, virtual)
		table.insert(photos, photo(path, format, virtual))
	end,
	require = require,
	choose = function(file)
		assert(loadfile(folder .. "/" .. file))()
	end,
}
